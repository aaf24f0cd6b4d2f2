"""What deploys the service: the template, and how its bundle is built."""
