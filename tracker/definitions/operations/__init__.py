"""What an administrator does with definitions: draft, edit, publish, and take projects over."""
