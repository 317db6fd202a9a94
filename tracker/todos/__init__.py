"""What people set themselves or each other to do, with a day or without, on a site or on none: to-dos."""
