// Shapes as they arrive (whole numbers, first point then differences) back to Leaflet's [lat, lon] rings.
(function (S) {
  'use strict';

  function ring(numbers, unit) {
    const points = [];
    let x = 0, y = 0;
    for (let i = 0; i < numbers.length; i += 2) {
      x += numbers[i];
      y += numbers[i + 1];
      points.push([y / unit, x / unit]);
    }
    return points;
  }

  S.decode = function (polygons, digits) {
    const unit = Math.pow(10, digits);
    return polygons.map((polygon) => polygon.map((numbers) => ring(numbers, unit)));
  };

  S.boundsOf = function (polygons) {
    const bounds = L.latLngBounds([]);
    for (const polygon of polygons) for (const point of polygon[0]) bounds.extend(point);
    return bounds;
  };

  // Which shape covers which cell of the screen: cells are wider than high, as labels are.
  const CELL_X = 4, CELL_Y = 2;
  S.raster = function (map, layers) {
    const size = map.getSize();
    const width = Math.max(1, Math.ceil(size.x / CELL_X)), height = Math.max(1, Math.ceil(size.y / CELL_Y));
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.scale(1 / CELL_X, 1 / CELL_Y);
    layers.forEach((polygons, i) => {
      const id = i + 1;
      pen.fillStyle = 'rgb(' + (id & 255) + ',' + (id >> 8) + ',' + ((id * 37) & 255) + ')';
      pen.beginPath();
      for (const polygon of polygons) for (const points of polygon) trace(pen, map, points);
      pen.fill('evenodd');
    });
    const pixels = pen.getImageData(0, 0, width, height).data;
    const ids = new Int16Array(width * height);
    for (let i = 0; i < ids.length; i++) {
      const id = pixels[4 * i] + 256 * pixels[4 * i + 1];
      const whole = pixels[4 * i + 3] === 255 && pixels[4 * i + 2] === ((id * 37) & 255);
      ids[i] = pixels[4 * i + 3] === 0 ? 0 : whole ? id : -1;       // -1: a cell on an edge
    }
    return { ids, width, height, x: CELL_X, y: CELL_Y };
  };

  function trace(pen, map, points) {
    points.forEach((point, i) => {
      const at = map.latLngToContainerPoint(point);
      if (i) pen.lineTo(at.x, at.y);
      else pen.moveTo(at.x, at.y);
    });
    pen.closePath();
  }

  // The inner point of every shape, as far from its edges as a label wants; {id: {x, y, room, cells}} on the screen.
  S.innerPoints = function (raster) {
    const { ids, width, height } = raster;
    const room = distances(ids, width, height);
    const best = {};
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i];
      if (id < 0) continue;
      const seen = best[id] || (best[id] = { at: i, room: 0, cells: 0, sum: 0 });
      seen.cells++;
      if (room[i] > seen.room) {
        seen.room = room[i];
        seen.at = i;
      }
    }
    for (const id in best) {
      const found = best[id];
      found.x = ((found.at % width) + 0.5) * raster.x;
      found.y = (Math.floor(found.at / width) + 0.5) * raster.y;
    }
    return best;
  };

  function distances(ids, width, height) {
    const room = new Float32Array(ids.length);
    const near = (i, j, far) => (ids[i] === ids[j] ? room[j] + far : far);
    for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) {
      if (!x || !y || x === width - 1) { room[i] = 1; continue; }
      room[i] = Math.min(near(i, i - 1, 1), near(i, i - width, 1), near(i, i - width - 1, 1.41), near(i, i - width + 1, 1.41));
    }
    for (let y = height - 1, i = ids.length - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--, i--) {
      if (x === width - 1 || y === height - 1 || !x) { room[i] = Math.min(room[i], 1); continue; }
      room[i] = Math.min(room[i], near(i, i + 1, 1), near(i, i + width, 1), near(i, i + width + 1, 1.41), near(i, i + width - 1, 1.41));
    }
    return room;
  }

  // How much of a box lies on cells that `wanted` accepts, from 15 samples.
  S.share = function (raster, box, wanted) {
    let hits = 0;
    for (let i = 0; i < 5; i++) for (let j = 0; j < 3; j++) {
      const x = Math.floor((box[0] + ((box[2] - box[0]) * i) / 4) / raster.x);
      const y = Math.floor((box[1] + ((box[3] - box[1]) * j) / 2) / raster.y);
      if (x < 0 || y < 0 || x >= raster.width || y >= raster.height) continue;
      if (wanted(raster.ids[y * raster.width + x])) hits++;
    }
    return hits / 15;
  };
})(window.SocialMap);
