/* api/uploads_api.c: uploads in parts on the wire. */
#include "api/form.h"
#include "api/route.h"
#include "domain/uploads.h"

static Err api_upload_create(Req *req)
{
    UploadSession draft = {0}, upload;
    TRY(req_body(req, &upload_session_entity, NEW, &draft, NULL));
    TRY(upload_create(&req->ctx, &draft, &upload));
    return req_reply_entity(req, 201, &upload_session_entity, &upload);
}

static Err api_upload_get(Req *req)
{
    Str id;
    UploadSession upload;
    TRY(req_param_id(req, "upload_id", &id));
    TRY(upload_get(&req->ctx, id, &upload));
    return req_reply_entity(req, 200, &upload_session_entity, &upload);
}

static Err api_user_uploads(Req *req)
{
    Str id;
    UploadSession *uploads;
    size_t count;
    TRY(req_param_id(req, "user_id", &id));
    TRY(uploads_of_user(&req->ctx, id, &uploads, &count));
    return req_reply_entities(req, 200, &upload_session_entity, uploads, count);
}

/* The bytes are the body, or the file `data` of a form. */
static Err api_upload_append(Req *req)
{
    static const FormFileErrors errors = {ERR_API_UPLOAD_UPLOAD_DATA_MULTIPART_ERROR,
                                          ERR_API_UPLOAD_UPLOAD_DATA_MULTIPART_ERROR,
                                          ERR_API_UPLOAD_UPLOAD_DATA_INVALID_CONTENT_LENGTH};
    Str id, bytes = req->http->body, type = http_header(req->http, STR("Content-Type"));
    bool is_form = str_eq_nocase(str_slice(type, 0, 10), STR("multipart/")), is_complete;
    FileInfo info;
    const char *path = req->http->body_path.len ? str_to_c(req->arena, req->http->body_path) : NULL;
    TRY(req_param_id(req, "upload_id", &id));
    if (is_form) {
        TRY(req_form_file(req, "data", req->ctx.settings->FileSettings_MaxFileSize, errors,
                          &bytes));
        path = NULL;
    }
    TRY(upload_append(&req->ctx, id, bytes, path, &is_complete, &info));
    if (is_complete) {
        file_info_write(&info, req_begin(req, 200));
    } else {
        (void)req_begin(req, 204); /* nothing to say but "go on" */
        req->http->reply.content_type = STR_EMPTY;
    }
    return OK;
}

/* clang-format off */
const Route UPLOAD_ROUTES[] = {
    { POST, "/api/v4/uploads", api_upload_create, "CreateUpload", "UploadSession", "upload_file", .success = 201,
      .body = "UploadSession", .summary = "Begin a file that comes in parts" },
    { GET, "/api/v4/uploads/{upload_id}", api_upload_get, "GetUpload", "UploadSession", "",
      .summary = "How far an upload has come" },
    { POST, "/api/v4/uploads/{upload_id}", api_upload_append, "UploadData", "FileInfo", "upload_file", SESSION, LANE_SLOWLY, 0, -1,
      .summary = "The next part: 204 while more is missing, the FileInfo after the last" },
    { GET, "/api/v4/users/{user_id}/uploads", api_user_uploads, "GetUploadsForUser", "[UploadSession]", "",
      .summary = "One's own unfinished uploads" },
    { 0 },
};
/* clang-format on */
