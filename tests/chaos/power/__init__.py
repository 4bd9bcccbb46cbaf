"""Power cuts: what the service wrote, what it made sure of, and every disk that can be left when the power goes."""
