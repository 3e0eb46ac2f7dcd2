"""WHERE: areas of Thailand, their codes and editions, and which area a point lies in."""
