// Draws every pair with LiteRT.js on the processor and sends the outputs back. The
// signature's names, types and shapes are those of the export's signature.json.

import {loadAndCompile, loadLiteRt, Tensor} from '@litertjs/core';

const ARRAYS = {uint8: Uint8Array, float32: Float32Array, int32: Int32Array};

const post = (path, body) => fetch(path, {method: 'POST', body});
const size = ({shape}) => shape.reduce((product, each) => product * each, 1);

async function draw() {
  const {signature, inputs} = await (await fetch('signature.json')).json();
  await loadLiteRt('/node_modules/@litertjs/core/wasm/');
  const model = await loadAndCompile('model.tflite', {accelerator: 'wasm'});
  const values = {};
  for (const [name, {type}] of Object.entries(inputs)) {
    const bytes = await (await fetch(`inputs/${name}`)).arrayBuffer();
    values[name] = new ARRAYS[type](bytes);
  }
  const pairs = values.image.length / size(inputs.image);
  const milliseconds = [];
  for (let pair = 0; pair < pairs; pair++) {
    const one = {};
    for (const [name, details] of Object.entries(inputs)) {
      const start = pair * size(details);
      const array = values[name].slice(start, start + size(details));
      one[name] = new Tensor(array, details.shape);
    }
    const start = performance.now();
    const drawn = await model.run(signature, one);
    milliseconds.push(performance.now() - start);
    for (const [name, tensor] of Object.entries(drawn)) {
      await post(`/outputs/${name}`, await tensor.data());
      tensor.delete();
    }
    Object.values(one).forEach((tensor) => tensor.delete());
  }
  await post('/done', JSON.stringify(milliseconds));
}

draw().catch((error) => post('/failed', String(error)));
