/** One place that speaks HTTP: cookie session, CSRF token, errors as `ApiError`. */
import { ApiError, UNREACHABLE } from "./errors";

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Query = { readonly [key: string]: string | number | boolean | undefined };

const SESSION_LOST = /^(?:http\.401|api\.context\.(?:session_expired|token_|invalid_token).*)$/;

/** The id of the live socket, so that the server does not echo our own drafts to us. */
let connectionId = "";
/** Called when the server says the session is over. */
let onSessionEnd: () => void = () => undefined;
/** Language of error messages before anybody has logged in. */
let language = "";

export function httpConfigure(options: { connectionId?: string; onSessionEnd?: () => void; language?: string }): void {
    if (options.connectionId !== undefined) connectionId = options.connectionId;
    if (options.onSessionEnd) onSessionEnd = options.onSessionEnd;
    if (options.language !== undefined) language = options.language;
}

export function cookie(name: string): string {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export function headersFor(method: Method): Record<string, string> {
    const headers: Record<string, string> = { "X-Requested-With": "XMLHttpRequest" };
    if (method !== "GET") headers["X-CSRF-Token"] = cookie("MMCSRF");
    if (connectionId) headers["Connection-Id"] = connectionId;
    if (language) headers["Accept-Language"] = language;
    return headers;
}

export function queryString(query: Query): string {
    const params = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
    const text = params.toString();
    return text ? `?${text}` : "";
}

async function send<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const headers = headersFor(method);
    const isForm = body instanceof FormData;
    if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
    let response: Response;
    try {
        response = await fetch(path, {
            method,
            headers,
            credentials: "same-origin",
            ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
            ...(signal ? { signal } : {}),
        });
    } catch (cause) {
        if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
        throw new ApiError(UNREACHABLE, 0, "");
    }
    if (!response.ok) throw await errorOf(response, path);
    if (response.status === 204) return undefined as T;
    return (await response.json()) as T;
}

async function errorOf(response: Response, path: string): Promise<ApiError> {
    let fields: { id?: unknown; message?: unknown } = {};
    try {
        fields = (await response.json()) as typeof fields;
    } catch {
        /* A proxy's error page: the status has to do. */
    }
    const error = errorFrom(response.status, fields);
    /* A wrong current password is 401 as well: only a lost session ends here. */
    if (error.status === 401 && !path.includes("/login") && SESSION_LOST.test(error.id)) onSessionEnd();
    return error;
}

export function errorFrom(status: number, fields: { id?: unknown; message?: unknown }): ApiError {
    const id = typeof fields.id === "string" ? fields.id : `http.${status}`;
    return new ApiError(id, status, typeof fields.message === "string" ? fields.message : "");
}

export const http = {
    get: <T>(path: string, query: Query = {}, signal?: AbortSignal) => send<T>("GET", path + queryString(query), undefined, signal),
    post: <T>(path: string, body: unknown = {}, query: Query = {}) => send<T>("POST", path + queryString(query), body),
    put: <T>(path: string, body: unknown = {}) => send<T>("PUT", path, body),
    remove: <T>(path: string) => send<T>("DELETE", path),
};
