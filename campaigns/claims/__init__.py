"""The guarantee: what a booking claims, how it is written, what stands against it, and when the creator is free."""
