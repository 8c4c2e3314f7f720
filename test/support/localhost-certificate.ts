/** A certificate for localhost and its key, for servers of tests: nobody trusts it who was not told to. */

export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUHVTccU5SrFI9LYDEyqQqVrtjfyIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIwMjMxN1oYDzIxMjYxMDI4
MjAyMzE3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR+ddVjKjQ9INXogfq5RzAh4zjBB59KxPq+5W8tGLWtT+kLNpClJtDb
Np2Cr9pZ1YvvZpCH6JbFjrXfkvkP37Bro28wbTAdBgNVHQ4EFgQUsmIsQU7qxYNp
t89gVLstHTgVN+YwHwYDVR0jBBgwFoAUsmIsQU7qxYNpt89gVLstHTgVN+YwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgZc9Jd5gl9de+4CLp+cYMYBwIBpWZlIgWkf3QybGOpDQCICEb
qURlhbGJzZLC6pSv/zuD+XUzAGlJJE6EyrV/YhYe
-----END CERTIFICATE-----`;

/** Guards nothing. */
export const localhostKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2CGxjgJzULfRp7hk
7AOf3khFbqrIIE2JiZEXQC27zXShRANCAAR+ddVjKjQ9INXogfq5RzAh4zjBB59K
xPq+5W8tGLWtT+kLNpClJtDbNp2Cr9pZ1YvvZpCH6JbFjrXfkvkP37Br
-----END PRIVATE KEY-----`;
