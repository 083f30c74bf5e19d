/** A refusal by the server, or a server that could not be reached (status 0). `id` is what code compares, `message` what people read. */
export class ApiError extends Error {
    readonly id: string;
    readonly status: number;

    constructor(id: string, status: number, message: string) {
        super(message);
        this.name = "ApiError";
        this.id = id;
        this.status = status;
    }
}

export const UNREACHABLE = "anser.unreachable";

export function isUnreachable(error: unknown): boolean {
    return error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504);
}
