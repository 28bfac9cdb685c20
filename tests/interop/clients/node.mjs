// What Node's two clients do with a server: `node node.mjs BASE RUN ACT [FILE...]`.
// Printed is a line of JSON for each answer, in the order of the requests.

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import http from 'node:http';
import { pipeline } from 'node:stream/promises';

const [base, run, act, ...files] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

const print = (value) => console.log(JSON.stringify(value));
const url = (path, number, query = '') => `${base}${path}?id=${run}.${number}&${query}`;
const digest = (body) => [body.length, createHash('sha256').update(body).digest('hex')];

// A request of node:http, whose body `write` writes; gives the response's body.
function request(path, number, options, write) {
  return new Promise((resolve, reject) => {
    const sent = http.request(url(path, number), { method: 'POST', agent, ...options });
    sent.on('error', reject);
    sent.on('response', async (response) => {
      const pieces = [];
      for await (const piece of response) pieces.push(piece);
      resolve(Buffer.concat(pieces));
    });
    write(sent);
  });
}

const ACTS = {
  async fetch_with_length() {
    for (const [number, file] of files.entries()) {
      const body = readFileSync(file);
      print(await (await fetch(url('/upload', number), { method: 'POST', body })).json());
    }
  },

  async fetch_in_chunks() {
    for (const [number, file] of files.entries()) {
      const options = { method: 'POST', body: createReadStream(file), duplex: 'half' };
      print(await (await fetch(url('/upload', number), options)).json());
    }
  },

  async fetch_at_once() {
    const bodies = Array.from({ length: 60 }, (_, number) => String(number).repeat(number * 100));
    const upload = async (body, number) =>
      (await fetch(url('/upload', number), { method: 'PUT', body })).json();
    (await Promise.all(bodies.map(upload))).forEach(print);
  },

  async fetch_down() {
    for (const framing of ['', 'chunks'])
      for (const [number, size] of files.entries()) {
        const query = `size=${size}&framing=${framing}`;
        const response = await fetch(url('/download', number, query));
        print(digest(Buffer.from(await response.arrayBuffer())));
      }
  },

  async fetch_given_up() {
    const given_up = new AbortController();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(1000));
        setTimeout(() => given_up.abort(), 100);
      },
    });
    const options = { method: 'POST', body, duplex: 'half', signal: given_up.signal };
    await fetch(url('/upload', 0), options).then(
      () => print('not given up'),
      (error) => print(error.name),
    );
    print(await (await fetch(url('/upload', 1), { method: 'POST', body: 'b' })).json());
  },

  async agent_in_turn() {
    for (let number = 0; number < 50; number++) {
      const body = Buffer.alloc(number * 1000, number);
      const options = number % 2 ? {} : { headers: { 'Content-Length': body.length } };
      const answer = await request('/upload', number, options, (sent) => {
        if (number % 2) sent.write(body.subarray(0, 500));
        sent.end(number % 2 ? body.subarray(500) : body);
      });
      print(JSON.parse(answer));
    }
  },

  async agent_waits_for_100() {
    for (const [number, file] of files.entries()) {
      const body = readFileSync(file);
      const headers = { Expect: '100-continue', 'Content-Length': body.length };
      const answer = await request('/upload', number, { headers }, (sent) => {
        sent.flushHeaders();
        sent.on('continue', () => sent.end(body));
      });
      print(JSON.parse(answer));
    }
  },

  async agent_sends_trailers() {
    for (let number = 0; number < 3; number++) {
      const headers = { Trailer: 'X-Sum', 'Transfer-Encoding': 'chunked' };
      const answer = await request('/upload', number, { headers }, (sent) => {
        sent.write('abc');
        sent.addTrailers({ 'X-Sum': 'sum' });
        sent.end();
      });
      print(JSON.parse(answer));
    }
  },

  async agent_both_ways() {
    for (const [number, file] of files.entries()) {
      const back = await request('/echo', number, {}, (sent) =>
        pipeline(createReadStream(file), sent));
      print(digest(back));
    }
  },
};

await ACTS[act]();
agent.destroy();
