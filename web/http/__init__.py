"""What every request and answer passes: connections, bodies, mounting, formats, headers, the log."""
