"""Who is busy when, across all clients: what a window of days holds (`window`), and how the page draws it (`items`)."""
