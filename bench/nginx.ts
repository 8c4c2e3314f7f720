/** The configuration nginx is measured with: a plain proxy, not handicapped. */

export interface NginxWish {
  readonly folder: string;
  readonly port: number;
  /** The same proxy with `proxy_buffering off`, for streams that are read while they are written. */
  readonly pacedPort: number;
  readonly upstreamPort: number;
}

/** One worker, keep-alive on both sides, no logs, request bodies in memory. Everything else is nginx's default. */
export function renderNginxConfig({ folder, port, pacedPort, upstreamPort }: NginxWish): string {
  const server = (listen: number, extra: string): string => `
  server {
    listen 127.0.0.1:${listen} backlog=4096;
    location / { proxy_pass http://upstream;${extra} }
  }`;
  return `worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid ${folder}/nginx.pid;
events { worker_connections 10000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 64m;
  client_body_buffer_size 1m;
  keepalive_requests 100000000;
  keepalive_timeout 120s;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_read_timeout 120s;
  upstream upstream {
    server 127.0.0.1:${upstreamPort};
    keepalive 512;
    keepalive_requests 100000000;
  }${server(port, '')}${server(pacedPort, ' proxy_buffering off;')}
}
`;
}
