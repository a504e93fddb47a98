"""What a preview refuses and warns of: queries and schedules."""
