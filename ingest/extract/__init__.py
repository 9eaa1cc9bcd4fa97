"""Text to mentions: each module finds one kind of fact in the clean text, with exact offsets."""
