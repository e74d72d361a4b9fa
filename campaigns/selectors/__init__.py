"""What pages read of campaigns and bookings, narrowed to what the reader may know of."""
