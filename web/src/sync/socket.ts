/** The live connection. After a drop it resumes from the last sequence number, so nothing is missed or heard twice; when the server
 *  has forgotten us, its hello carries another connection id and the owner loads afresh.
 *
 *  Owner    `sync/session.ts`, one at a time.
 *  Timing   A `ping` action every 30 s; without an answer by the next one the socket counts as dead. Reconnection waits 1 s at first,
 *           then grows to a minute, with jitter, so that a restarted server is not stormed. */
import { socketUrl } from "../api/client";
import { isReplyFrame, parseFrame, type WireEvent } from "./decode";

const PING_EVERY_MS = 30_000;
const WAIT_FIRST_MS = 1_000;
const WAIT_MOST_MS = 60_000;

export interface SocketOwner {
    readonly onEvent: (event: WireEvent) => void;
    /** A new connection id: events were missed, or this is the first one. */
    readonly onHello: (connectionId: string, isReset: boolean) => void;
    readonly onOnline: () => void;
    readonly onOffline: (retryAt: number) => void;
    readonly onConnecting: () => void;
}

export interface Socket {
    readonly send: (action: string, data?: { readonly [key: string]: unknown }) => void;
    readonly retryNow: () => void;
    readonly close: () => void;
}

export function waitMs(failures: number, random: number): number {
    const base = Math.min(WAIT_MOST_MS, WAIT_FIRST_MS * 2 ** Math.max(0, failures - 1));
    return Math.round(base * (0.75 + random * 0.5));
}

export function openSocket(owner: SocketOwner): Socket {
    let socket: WebSocket | null = null;
    let connectionId = "";
    let expected = 0;
    let requestSeq = 1;
    let failures = 0;
    let isClosed = false;
    let awaitsPong = false;
    let pingTimer = 0, retryTimer = 0;

    function connect(): void {
        window.clearTimeout(retryTimer);
        if (isClosed || (socket && socket.readyState <= WebSocket.OPEN)) return;
        owner.onConnecting();
        requestSeq = 1;
        const own = new WebSocket(socketUrl(connectionId, expected));
        socket = own;
        own.onopen = () => {
            if (own !== socket) return;
            failures = 0;
            awaitsPong = false;
            window.clearInterval(pingTimer);
            pingTimer = window.setInterval(ping, PING_EVERY_MS);
            ping();
            owner.onOnline();
        };
        own.onmessage = (message) => {
            if (own === socket && typeof message.data === "string") receive(message.data);
        };
        own.onclose = () => {
            if (own === socket) lost();
        };
    }

    function lost(): void {
        socket = null;
        window.clearInterval(pingTimer);
        if (isClosed) return;
        failures += 1;
        const wait = waitMs(failures, Math.random());
        owner.onOffline(Date.now() + wait);
        retryTimer = window.setTimeout(connect, wait);
    }

    /** Does not wait for the closing handshake: a dead network would never finish it. */
    function drop(): void {
        const old = socket;
        socket = null;
        old?.close(4000);
        lost();
    }

    function ping(): void {
        if (awaitsPong) {
            drop();
            return;
        }
        awaitsPong = true;
        send("ping");
    }

    function send(action: string, data: { readonly [key: string]: unknown } = {}): void {
        if (socket?.readyState !== WebSocket.OPEN) return;
        socket.send(JSON.stringify({ seq: requestSeq++, action, data }));
    }

    function receive(text: string): void {
        const frame = parseFrame(text);
        if (!frame) return;
        if (isReplyFrame(frame)) {
            if (frame.data?.["text"] === "pong") awaitsPong = false;
            return;
        }
        if (frame.event === "hello") {
            const id = String(frame.data?.["connection_id"] ?? "");
            const isReset = connectionId !== "" && connectionId !== id;
            connectionId = id;
            expected = frame.seq + 1;
            owner.onHello(id, isReset);
            return;
        }
        if (frame.seq !== expected) {
            /* A hole: what is missing will be sent again, or a new hello will come. */
            drop();
            return;
        }
        expected = frame.seq + 1;
        owner.onEvent(frame);
    }

    connect();
    return {
        send,
        retryNow: () => {
            if (!socket) connect();
        },
        close: () => {
            isClosed = true;
            window.clearTimeout(retryTimer);
            window.clearInterval(pingTimer);
            socket?.close();
            socket = null;
        },
    };
}
