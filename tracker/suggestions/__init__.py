"""What people suggest to management, and what management answers."""
