"""What posts the photos of a folder to the service, and forgets none."""
