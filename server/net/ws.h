/* net/ws.h: a connection that became a WebSocket. Private to net; net.h has what others see. */
#pragma once
#include "net/conn.h"

/* Is it a well-formed opening handshake (RFC 6455 §4.2.1)? */
bool ws_is_upgrade(const HttpReq *req);
/* Takes what it can use of `len` bytes, unmasking in place, and tells how many that was; 0: more are needed. */
size_t ws_take(Conn *conn, char *bytes, size_t len);
/* The connections that shall become WebSockets do, here or on another loop. Called when no connection is on the
 * stack, since what moves belongs to another thread from then on. */
void ws_move_all(Loop *loop);
void ws_on_deadline(Conn *conn);
/* The connection is gone, or past its close handshake: tells the application and frees the Ws. */
void ws_end(Conn *conn);
