#include "model/mime.h"

enum { EXTENSION_LIMIT_BYTES = 64 };

typedef struct MimeRow {
    const char *extension, *mime;
} MimeRow;

/* clang-format off */
static const MimeRow ROWS[] = { /* sorted */
    { "7z",   "application/x-7z-compressed" },
    { "aac",  "audio/aac" },
    { "ai",   "application/postscript" },
    { "apk",  "application/vnd.android.package-archive" },
    { "avi",  "video/x-msvideo" },
    { "avif", "image/avif" },
    { "bmp",  "image/bmp" },
    { "bz2",  "application/x-bzip2" },
    { "c",    "text/plain" },
    { "conf", "text/plain" },
    { "cpp",  "text/plain" },
    { "css",  "text/css" },
    { "csv",  "text/csv" },
    { "dmg",  "application/x-apple-diskimage" },
    { "doc",  "application/msword" },
    { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "dwg",  "image/vnd.dwg" },
    { "eml",  "message/rfc822" },
    { "eps",  "application/postscript" },
    { "epub", "application/epub+zip" },
    { "exe",  "application/octet-stream" },
    { "flac", "audio/flac" },
    { "flv",  "video/x-flv" },
    { "gif",  "image/gif" },
    { "go",   "text/plain" },
    { "gz",   "application/gzip" },
    { "h",    "text/plain" },
    { "heic", "image/heic" },
    { "heif", "image/heif" },
    { "htm",  "text/html" },
    { "html", "text/html" },
    { "ico",  "image/vnd.microsoft.icon" },
    { "ics",  "text/calendar" },
    { "jar",  "application/java-archive" },
    { "java", "text/plain" },
    { "jpe",  "image/jpeg" },
    { "jpeg", "image/jpeg" },
    { "jpg",  "image/jpeg" },
    { "js",   "text/javascript" },
    { "json", "application/json" },
    { "key",  "application/vnd.apple.keynote" },
    { "log",  "text/plain" },
    { "m4a",  "audio/mp4" },
    { "m4v",  "video/x-m4v" },
    { "md",   "text/markdown" },
    { "mid",  "audio/midi" },
    { "mjs",  "text/javascript" },
    { "mkv",  "video/x-matroska" },
    { "mov",  "video/quicktime" },
    { "mp3",  "audio/mpeg" },
    { "mp4",  "video/mp4" },
    { "mpeg", "video/mpeg" },
    { "mpg",  "video/mpeg" },
    { "numbers", "application/vnd.apple.numbers" },
    { "odg",  "application/vnd.oasis.opendocument.graphics" },
    { "odp",  "application/vnd.oasis.opendocument.presentation" },
    { "ods",  "application/vnd.oasis.opendocument.spreadsheet" },
    { "odt",  "application/vnd.oasis.opendocument.text" },
    { "ogg",  "audio/ogg" },
    { "ogv",  "video/ogg" },
    { "opus", "audio/ogg" },
    { "otf",  "font/otf" },
    { "pages", "application/vnd.apple.pages" },
    { "patch", "text/plain" },
    { "pdf",  "application/pdf" },
    { "png",  "image/png" },
    { "ppt",  "application/vnd.ms-powerpoint" },
    { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
    { "ps",   "application/postscript" },
    { "psd",  "image/vnd.adobe.photoshop" },
    { "py",   "text/plain" },
    { "rar",  "application/vnd.rar" },
    { "rs",   "text/plain" },
    { "rtf",  "application/rtf" },
    { "sh",   "text/plain" },
    { "sql",  "text/plain" },
    { "svg",  "image/svg+xml" },
    { "swf",  "application/x-shockwave-flash" },
    { "tar",  "application/x-tar" },
    { "tgz",  "application/gzip" },
    { "tif",  "image/tiff" },
    { "tiff", "image/tiff" },
    { "toml", "text/plain" },
    { "ts",   "text/plain" },
    { "tsv",  "text/tab-separated-values" },
    { "ttf",  "font/ttf" },
    { "txt",  "text/plain" },
    { "vcf",  "text/vcard" },
    { "wav",  "audio/wav" },
    { "weba", "audio/webm" },
    { "webm", "video/webm" },
    { "webp", "image/webp" },
    { "wma",  "audio/x-ms-wma" },
    { "wmv",  "video/x-ms-wmv" },
    { "woff", "font/woff" },
    { "woff2", "font/woff2" },
    { "wps",  "application/vnd.ms-works" },
    { "xhtml", "application/xhtml+xml" },
    { "xls",  "application/vnd.ms-excel" },
    { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { "xml",  "application/xml" },
    { "xz",   "application/x-xz" },
    { "yaml", "text/plain" },
    { "yml",  "text/plain" },
    { "zip",  "application/zip" },
    { "zst",  "application/zstd" },
};
/* clang-format on */

Str extension_of(Arena *arena, Str name)
{
    size_t dot = name.len;
    while (dot > 0 && name.ptr[dot - 1] != '.')
        dot--;
    Str extension = str_slice(name, dot, name.len);
    bool is_one = dot > 0 && extension.len > 0 && extension.len <= EXTENSION_LIMIT_BYTES;
    return is_one ? str_lower(arena, extension) : STR_EMPTY;
}

Str mime_of_extension(Str extension)
{
    size_t low = 0, high = sizeof ROWS / sizeof *ROWS;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(extension, str_of(ROWS[middle].extension));
        if (order == 0)
            return str_of(ROWS[middle].mime);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return STR("application/octet-stream");
}

bool mime_is_active(Str mime)
{
    static const Str parts[] = {
        {"html", 4}, {"xml", 3}, {"javascript", 10}, {"ecmascript", 10}, {"flash", 5}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_contains(mime, parts[i]))
            return true;
    return false;
}

bool mime_is_inline(Str mime)
{
    return !mime_is_active(mime) && !str_starts_with(mime, STR("image/vnd.")) &&
           (str_starts_with(mime, STR("image/")) || str_starts_with(mime, STR("audio/")) ||
            str_starts_with(mime, STR("video/")));
}
