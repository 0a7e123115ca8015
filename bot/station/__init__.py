"""What runs beside ixBrowser and works the import log off."""
