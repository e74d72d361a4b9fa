"""What the law asks of a roster: informing, copies for the creator, erasure, retention, and no return of the erased."""
