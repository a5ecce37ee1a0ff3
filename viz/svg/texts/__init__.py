"""What is written in a picture, and how much room it takes."""
