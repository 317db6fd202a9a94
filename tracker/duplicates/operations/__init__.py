"""What is done about things that look alike: judging what is entered, asking to join, arbitration, telling apart."""
