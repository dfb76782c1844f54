/*
 * Loaded into the official CLI (`node --require`). It posts to https://BUCKET.s3.amazonaws.com whatever `uploadUrl` Webflow
 * answers, so its own code runs unchanged and only that host is another: the storage of the emulator.
 */
const https = require("node:https");
const http = require("node:http");

const storage = new URL(process.env.BENCH_STORAGE_URL);
const request = https.request;

https.request = (options, ...rest) => {
  if (!options.hostname?.endsWith(".s3.amazonaws.com")) return request(options, ...rest);
  const { hostname, host, port } = storage;
  const headers = { ...options.headers, host };
  return http.request(
    { ...options, protocol: "http:", agent: undefined, hostname, host, port, headers },
    ...rest,
  );
};
