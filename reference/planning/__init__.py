"""When the professionals of the establishment receive, and when they are away: what they typed, whatever the wire."""
