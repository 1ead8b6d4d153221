"""A believable market to try everything on: people, properties, photos and slots. Never for production."""
