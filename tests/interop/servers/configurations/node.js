// Node's http server: what the other servers have as files and settings, and what they pass on.
// In: the port to listen on, and the folder with the files. Out: answers, by the path asked for.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const zlib = require("node:zlib");

const [port, site] = process.argv.slice(2);
const PIECE = Buffer.alloc(100_000, "x");

const file = (name) => path.join(site, name);

function stream(name, response) {
  response.setHeader("Content-Type", "application/octet-stream");
  response.setHeader("Content-Length", fs.statSync(file(name)).size);
  fs.createReadStream(file(name)).pipe(response);
}

function digest(request, response) {
  const hash = crypto.createHash("sha256");
  let length = 0;
  request.on("data", (piece) => {
    hash.update(piece);
    length += piece.length;
  });
  request.on("end", () => {
    const framing = request.headers["transfer-encoding"] ?? request.headers["content-length"];
    const sha256 = hash.digest("hex");
    response.end(JSON.stringify({ framing, length, sha256, trailers: request.trailers }));
  });
}

const answers = {
  "/hello.txt": (request, response) => stream("hello.txt", response),
  "/large.bin": (request, response) => stream("large.bin", response),
  "/numbers.txt": (request, response) => {
    response.setHeader("Content-Encoding", "gzip");
    fs.createReadStream(file("numbers.txt")).pipe(zlib.createGzip()).pipe(response);
  },
  "/moved": (request, response) => response.writeHead(301, { Location: "/hello.txt" }).end(),
  "/node/digest": digest,
  "/node/fields": (request, response) => {
    response.setHeader("Set-Cookie", ["first=1", "second=2"]);
    response.setHeader("X-Name", "Gr\u00fc\u00dfe");
    // As octets: a string that is sent with the head would have both encoded as UTF-8.
    response.end(Buffer.from("hello"));
  },
  "/node/few-chunks": (request, response) => {
    response.write("he");
    response.end("llo");
  },
  "/node/nothing": (request, response) => response.writeHead(204).end(),
  "/node/chunked": (request, response) => fs.createReadStream(file("large.bin")).pipe(response),
  "/node/trailers": (request, response) => {
    response.writeHead(200, { Trailer: "X-Checked" });
    response.write("hello");
    response.addTrailers({ "X-Checked": "yes" });
    response.end();
  },
  "/node/hinted": (request, response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    response.end("hello");
  },
  "/node/unframed": (request, response) => {
    response.useChunkedEncodingByDefault = false;
    response.removeHeader("Transfer-Encoding");
    response.setHeader("Connection", "close");
    fs.createReadStream(file("large.bin")).pipe(response);
  },
  "/node/endless": (request, response) => {
    const write = () => {
      while (response.write(PIECE));
    };
    response.on("drain", write);
    write();
  },
  "/node/broken-chunks": (request, response) => {
    response.write(PIECE, () => response.socket.destroy());
  },
  "/node/broken-length": (request, response) => {
    response.setHeader("Content-Length", 2 * PIECE.length);
    response.write(PIECE, () => response.socket.destroy());
  },
};

function answer(request, response) {
  const found = answers[request.url];
  if (found) found(request, response);
  else response.writeHead(404).end("not found");
}

const limits = {
  headersTimeout: 3000,
  connectionsCheckingInterval: 100,
  // Longer than any pool keeps a connection, or both could end and use it at the same time.
  keepAliveTimeout: 75_000,
};

const server = http.createServer(limits, answer);

server.on("checkContinue", (request, response) => {
  if (request.url.startsWith("/small-uploads/")) {
    response.writeHead(413).end();
  } else {
    response.writeContinue();
    answer(request, response);
  }
});

server.on("upgrade", (request, socket, head) => {
  socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n");
  const shout = (piece) => socket.write(piece.toString("latin1").toUpperCase());
  if (head.length) shout(head);
  socket.on("data", shout);
  socket.on("end", () => socket.end());
  socket.on("error", () => socket.destroy());
});

server.listen(Number(port), "127.0.0.1");
