"""The phone's own program against the server's own `sync/`, in one simulated world: line, clock, store, crashes."""
