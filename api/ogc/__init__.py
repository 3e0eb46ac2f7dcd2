"""OGC API – Features Part 1 (17-069r4): areas and assets for QGIS, GDAL and other programs of maps."""
