"""The demo forum: what the service looks like on a site's pages."""
