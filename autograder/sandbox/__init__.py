"""The layers around the guest: today its own session, limits, closed descriptors, a clean environment and folder."""
