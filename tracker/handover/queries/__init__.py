"""What is somebody's, what one took over, and the briefings that are written from the records. The user comes first."""
