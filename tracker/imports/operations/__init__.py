"""What is done with imports: started, settled, tried, carried out, undone."""
