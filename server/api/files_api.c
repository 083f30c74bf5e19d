/* api/files_api.c: files on the wire. */
#include "api/content.h"
#include "api/route.h"
#include "domain/files.h"

enum { FILE_MAX_AGE_S = 30 * 24 * 3600, FORM_VALUE_LIMIT_BYTES = 10 * 1024 };

/* ---- uploading ---- */
typedef struct Form {
    Str channel_id;
    StrVec client_ids;
    VEC(FileDraft) files;
} Form;

static Err read_value(Req *req, const HttpPart *part, Form *form)
{
    if (part->bytes.len > FORM_VALUE_LIMIT_BYTES || !str_is_utf8(part->bytes))
        return fail(&req->ctx, ERR_API_FILE_UPLOAD_FILE_READ_FORM_VALUE);
    if (str_eq(part->name, STR("client_ids"))) {
        vec_push(req->arena, &form->client_ids, part->bytes);
    } else if (str_eq(part->name, STR("channel_id"))) {
        if (form->channel_id.len && !str_eq(form->channel_id, part->bytes))
            return fail(&req->ctx, ERR_API_FILE_UPLOAD_FILE_MULTIPLE_CHANNEL_IDS);
        form->channel_id = part->bytes;
    }
    return OK; /* other values mean nothing to us */
}

static Err read_form(Req *req, Form *form)
{
    HttpPart *parts;
    size_t count;
    if (http_multipart(req->http, &parts, &count) != OK)
        return fail(&req->ctx, ERR_API_FILE_UPLOAD_FILE_READ_REQUEST);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].filename.len)
            vec_push(req->arena, &form->files,
                     (FileDraft){.name = parts[i].filename, .bytes = parts[i].bytes});
        else
            TRY(read_value(req, &parts[i], form));
    }
    if (form->channel_id.len == 0)
        form->channel_id = req_query(req, "channel_id");
    if (form->files.len == 0)
        return fail_body(&req->ctx, "files");
    if (form->client_ids.len && form->client_ids.len != form->files.len)
        return fail(&req->ctx, ERR_API_FILE_UPLOAD_FILE_INCORRECT_NUMBER_OF_CLIENT_IDS);
    return OK;
}

/* The body is the file; the rest stands in the query. */
static void read_plain(Req *req, Form *form)
{
    FileDraft file = {.name = req_query(req, "filename"), .bytes = req->http->body};
    if (req->http->body_path.len)
        file.path = str_to_c(req->arena, req->http->body_path);
    vec_push(req->arena, &form->files, file);
    form->channel_id = req_query(req, "channel_id");
    Str client_id = req_query(req, "client_id");
    if (client_id.len)
        vec_push(req->arena, &form->client_ids, client_id);
}

static Err api_file_upload(Req *req)
{
    Form form = {0};
    FileInfo *infos;
    Str type = http_header(req->http, STR("Content-Type"));
    if (!req->ctx.settings->FileSettings_EnableFileAttachments)
        return fail(&req->ctx, ERR_API_FILE_ATTACHMENTS_DISABLED);
    if (str_eq_nocase(str_slice(type, 0, 10), STR("multipart/")))
        TRY(read_form(req, &form));
    else
        read_plain(req, &form);
    TRY(files_upload(&req->ctx, form.channel_id, form.files.items, form.files.len, &infos));
    Buf *out = req_begin(req, 201);
    json_open(out);
    json_key(out, "file_infos");
    file_infos_write(infos, form.files.len, out);
    json_key(out, "client_ids");
    json_strs(out, form.client_ids.items, form.client_ids.len);
    json_close(out);
    return OK;
}

/* ---- reading ---- */
static Err reply_part(Req *req, const FileInfo *info, FilePart part)
{
    Content content;
    ContentOptions options = {FILE_MAX_AGE_S, req_query_flag(req, "download")};
    TRY(file_content(&req->ctx, info, part, &content));
    return req_reply_content(req, &content, &options);
}

static Err reply_file(Req *req, FilePart part)
{
    Str id;
    FileInfo info;
    TRY(req_param_id(req, "file_id", &id));
    TRY(file_to_read(&req->ctx, id, &info));
    return reply_part(req, &info, part);
}

static Err api_file_get(Req *req)
{
    return reply_file(req, FILE_WHOLE);
}

static Err api_file_thumbnail(Req *req)
{
    return reply_file(req, FILE_THUMBNAIL);
}

static Err api_file_preview(Req *req)
{
    return reply_file(req, FILE_PREVIEW);
}

static Err api_file_info(Req *req)
{
    Str id;
    FileInfo info;
    TRY(req_param_id(req, "file_id", &id));
    TRY(file_to_read(&req->ctx, id, &info));
    req_header(req, "Cache-Control", str_printf(req->arena, "max-age=%d, private", FILE_MAX_AGE_S));
    file_info_write(&info, req_begin(req, 200));
    return OK;
}

/* ---- public links ---- */
/* The address people use: as configured, else as this request came. */
static Str site_url(Req *req)
{
    Str configured = req->ctx.settings->ServiceSettings_SiteURL;
    if (configured.len)
        return configured;
    return str_printf(req->arena, "%s://" STR_FMT, req->ctx.is_tls ? "https" : "http",
                      STR_ARG(http_header(req->http, STR("Host"))));
}

static Err api_file_link(Req *req)
{
    Str id, hash;
    TRY(req_param_id(req, "file_id", &id));
    TRY(file_link_make(&req->ctx, id, &hash));
    Str link = str_printf(req->arena, STR_FMT "/files/" STR_FMT "/public?h=" STR_FMT,
                          STR_ARG(site_url(req)), STR_ARG(id), STR_ARG(hash));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "link");
    json_str(out, link);
    json_close(out);
    return OK;
}

static Err api_file_public(Req *req)
{
    Str id;
    FileInfo info;
    TRY(req_param_id(req, "file_id", &id));
    TRY(file_by_link(&req->ctx, id, req_query(req, "h"), &info));
    return reply_part(req, &info, FILE_WHOLE);
}

/* clang-format off */
const Route FILE_ROUTES[] = {
    { POST, "/api/v4/files", api_file_upload, "UploadFile", "FileUploadResponse", "upload_file", SESSION, LANE_SLOWLY, 201, -1,
      .query = "channel_id, filename, client_id", .summary = "Send files to a channel; posts name them in file_ids" },
    { GET, "/api/v4/files/{file_id}", api_file_get, "GetFile", "binary", "read_channel_content, read_public_channel",
      .query = "download", .summary = "A file's content; answers Range and If-None-Match" },
    { GET, "/api/v4/files/{file_id}/thumbnail", api_file_thumbnail, "GetFileThumbnail", "binary",
      "read_channel_content, read_public_channel", .query = "download", .summary = "A picture, small" },
    { GET, "/api/v4/files/{file_id}/preview", api_file_preview, "GetFilePreview", "binary",
      "read_channel_content, read_public_channel", .query = "download", .summary = "A picture, of the size of a screen" },
    { GET, "/api/v4/files/{file_id}/info", api_file_info, "GetFileInfo", "FileInfo", "read_channel_content, read_public_channel",
      .summary = "What is known of a file" },
    { GET, "/api/v4/files/{file_id}/link", api_file_link, "GetFileLink", "FileLink", "get_public_link",
      .summary = "A link that opens the file without an account" },
    { GET, "/files/{file_id}/public", api_file_public, "GetFilePublic", "binary", "", NOBODY, .query = "h",
      .summary = "The file of a public link" },
    { 0 },
};
/* clang-format on */
