"""What a run leaves behind: results.json, the two tables, and a folder that is there whole or not at all."""
