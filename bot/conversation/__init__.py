"""What happens next? Pure: one table, one function, values in and values out."""
