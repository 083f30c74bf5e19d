/** Which dialog is open, and the smaller ones. */
import { Copy } from "lucide";
import { useState } from "preact/hooks";
import { api } from "../../api/client";
import type { Channel, User } from "../../api/types";
import { t } from "../../i18n";
import type { ChannelId, PostId } from "../../lib/ids";
import { isEmail } from "../../lib/names";
import { addMembers, createCategory, createChannel, openGroup, patchChannel } from "../../commands/channels";
import { attempt, errorText } from "../../commands/feedback";
import { openDirect } from "../../commands/navigate";
import { deletePost } from "../../commands/posts";
import { addToTeam, copyInviteLink, inviteByEmail, inviteLink, patchTeam } from "../../commands/teams";
import { can, channelTitle } from "../../state/select";
import type { Dialog as DialogState } from "../../state/state";
import { dispatch, now } from "../../state/store";
import { Dialog } from "../../ui/dialog";
import { Button, Check, Field, Tabs } from "../../ui/parts";
import { PeoplePicker } from "../parts/people_picker";
import { PostView } from "../parts/post_view";
import { useSelect } from "../parts/use_select";
import { BrowseDialog } from "./browse";
import { ImageDialog } from "./image";
import { ShortcutsDialog } from "./shortcuts";
import { CustomStatusDialog } from "./custom_status";
import { Switcher } from "./switcher";
import "./dialogs.css";

export function closeDialog(): void {
    dispatch({ kind: "dialog", dialog: null });
}

export function DialogView({ dialog }: { readonly dialog: Exclude<DialogState, { kind: "settings" }> }) {
    switch (dialog.kind) {
        case "switcher": return <Switcher onClose={closeDialog} />;
        case "browse": return <BrowseDialog onClose={closeDialog} />;
        case "channel_new": return <NewChannel />;
        case "direct_new": return <NewDirect />;
        case "channel_edit": return <EditChannel channelId={dialog.channelId} field={dialog.field} />;
        case "members_add": return <AddMembers channelId={dialog.channelId} />;
        case "invite": return <Invite />;
        case "team_settings": return <TeamSettings />;
        case "custom_status": return <CustomStatusDialog onClose={closeDialog} />;
        case "shortcuts": return <ShortcutsDialog onClose={closeDialog} />;
        case "post_delete": return <DeletePost postId={dialog.postId} />;
        case "image": return <ImageDialog postId={dialog.postId} index={dialog.index} onClose={closeDialog} />;
        case "category_new": return <NewCategory channelId={dialog.channelId} />;
        case "confirm":
            return (
                <Dialog title={dialog.title} size="narrow" onClose={closeDialog} foot={
                    <>
                        <Button onClick={closeDialog}>{t("action.cancel")}</Button>
                        <Button tone={dialog.danger ? "danger" : "primary"} onClick={() => {
                            closeDialog();
                            dialog.run();
                        }}>{dialog.action}</Button>
                    </>
                }><p class="dialog-text">{dialog.text}</p></Dialog>
            );
    }
}

/** Work that closes the dialog when it succeeds, and says why when it does not. */
export function useDialogWork(): { readonly isBusy: boolean; readonly error: string; readonly run: (work: () => Promise<unknown>) => void } {
    const [isBusy, setBusy] = useState(false);
    const [error, setError] = useState("");
    return {
        isBusy, error,
        run: (work) => {
            setBusy(true);
            setError("");
            work().then(closeDialog).catch((reason: unknown) => {
                setError(errorText(reason));
                setBusy(false);
            });
        },
    };
}

export function WorkFoot({ isBusy, disabled, action, onRun, error, tone = "primary" }: {
    readonly isBusy: boolean; readonly disabled?: boolean; readonly action: string; readonly onRun: () => void; readonly error?: string; readonly tone?: "primary" | "danger";
}) {
    return (
        <>
            {error && <span class="foot-error" role="alert">{error}</span>}
            <Button onClick={closeDialog}>{t("action.cancel")}</Button>
            <Button tone={tone} busy={isBusy} disabled={disabled ?? false} onClick={onRun}>{action}</Button>
        </>
    );
}

function NewChannel() {
    const [name, setName] = useState("");
    const [purpose, setPurpose] = useState("");
    const mayPublic = can(now(), "create_public_channel"), mayPrivate = can(now(), "create_private_channel");
    const [type, setType] = useState<"O" | "P">(mayPublic ? "O" : "P");
    const { isBusy, error, run } = useDialogWork();
    const create = () => {
        if (name.trim()) run(() => createChannel(name.trim(), purpose.trim(), type));
    };
    return (
        <Dialog title={t("channel.new_title")} onClose={closeDialog} foot={<WorkFoot isBusy={isBusy} disabled={!name.trim()} error={error} action={t("channel.create")} onRun={create} />}>
            <form class="dialog-form" onSubmit={(event) => {
                event.preventDefault();
                create();
            }}>
                <Field label={t("channel.name")} value={name} onInput={setName} maxLength={64} autoFocus placeholder={t("channel.name_example")} />
                <Field label={`${t("channel.purpose")} ${t("form.optional")}`} value={purpose} onInput={setPurpose} maxLength={250} rows={2} hint={t("channel.purpose_hint")} />
                <fieldset class="choice">
                    <legend class="field-label">{t("channel.who")}</legend>
                    {mayPublic && <Check type="radio" name="channel-type" checked={type === "O"} onChange={() => setType("O")} label={t("channel.public")} hint={t("channel.public_hint")} />}
                    {mayPrivate && <Check type="radio" name="channel-type" checked={type === "P"} onChange={() => setType("P")} label={t("channel.private")} hint={t("channel.private_hint")} />}
                </fieldset>
                <button type="submit" class="offscreen" tabIndex={-1} aria-hidden="true" />
            </form>
        </Dialog>
    );
}

const GROUP_MOST = 7;

function NewDirect() {
    const [chosen, setChosen] = useState<readonly User[]>([]);
    const find = async (term: string) => {
        const { teamId } = now();
        if (!term) return api.users({ ...(teamId ? { in_team: teamId } : {}), per_page: 50, active: true });
        return api.userSearch({ term, limit: 50 });
    };
    const start = () => {
        const [first] = chosen;
        if (!first) return;
        closeDialog();
        void attempt(chosen.length === 1 ? openDirect(first.id) : openGroup(chosen.map((user) => user.id)));
    };
    return (
        <Dialog title={t("direct.new_title")} onClose={closeDialog} foot={<WorkFoot isBusy={false} disabled={chosen.length === 0} action={t("direct.start")} onRun={start} />}>
            <p class="dialog-text">{t("direct.hint", { n: GROUP_MOST })}</p>
            <PeoplePicker chosen={chosen} onChange={setChosen} find={find} label={t("direct.who")} most={GROUP_MOST} />
        </Dialog>
    );
}

function EditChannel({ channelId, field }: { readonly channelId: ChannelId; readonly field: "header" | "purpose" | "name" }) {
    const channel = now().channels[channelId] as Channel;
    const [value, setValue] = useState(field === "name" ? channel.display_name : channel[field]);
    const [isBusy, setBusy] = useState(false);
    const limit = { header: 1024, purpose: 250, name: 64 }[field];
    const title = { header: t("channel.edit_header"), purpose: t("channel.edit_purpose"), name: t("channel.rename") }[field];
    const label = { header: t("channel.header"), purpose: t("channel.purpose"), name: t("channel.name") }[field];
    const save = async () => {
        setBusy(true);
        const worked = await patchChannel(channelId, field === "name" ? { display_name: value.trim() } : { [field]: value });
        if (worked) closeDialog();
        setBusy(false);
    };
    return (
        <Dialog title={title} onClose={closeDialog} foot={<WorkFoot isBusy={isBusy} disabled={field === "name" && !value.trim()} action={t("action.save")} onRun={() => void save()} />}>
            <form onSubmit={(event) => {
                event.preventDefault();
                void save();
            }}>
                {field === "name"
                    ? <Field label={label} value={value} onInput={setValue} maxLength={limit} autoFocus />
                    : <Field label={label} value={value} onInput={setValue} maxLength={limit} autoFocus rows={4} hint={`${field === "header" ? t("channel.header_hint") : t("channel.purpose_hint")} ${value.length}/${limit}`} />}
            </form>
        </Dialog>
    );
}

function AddMembers({ channelId }: { readonly channelId: ChannelId }) {
    const [chosen, setChosen] = useState<readonly User[]>([]);
    const [isBusy, setBusy] = useState(false);
    const title = useSelect((state) => {
        const channel = state.channels[channelId];
        return channel ? channelTitle(state, channel) : "";
    });
    const find = async (term: string) => {
        const { teamId } = now();
        if (!teamId) return [];
        if (term) return api.userSearch({ term, team_id: teamId, not_in_channel_id: channelId, limit: 50 });
        const [team, inside] = await Promise.all([api.users({ in_team: teamId, per_page: 100, active: true }), api.users({ in_channel: channelId, per_page: 200 })]);
        return team.filter((user) => !inside.some((each) => each.id === user.id));
    };
    return (
        <Dialog title={t("channel.add_title", { name: title })} onClose={closeDialog} foot={<WorkFoot isBusy={isBusy} disabled={chosen.length === 0} action={t("action.add")} onRun={() => {
            setBusy(true);
            void addMembers(channelId, chosen.map((user) => user.id)).then((worked) => (worked ? closeDialog() : setBusy(false)));
        }} />}>
            <PeoplePicker chosen={chosen} onChange={setChosen} find={find} label={t("people.find")} />
        </Dialog>
    );
}

function Invite() {
    const team = useSelect((state) => (state.teamId ? state.teams[state.teamId] : undefined));
    const mayEmail = useSelect((state) => state.config["EnableEmailInvitations"] === "true" && can(state, "invite_user"));
    const mayAdd = useSelect((state) => can(state, "add_user_to_team"));
    const tabs = [
        ...(team?.invite_id ? [{ id: "link", label: t("invite.tab_link") } as const] : []),
        ...(mayEmail ? [{ id: "email", label: t("invite.tab_email") } as const] : []),
        ...(mayAdd ? [{ id: "people", label: t("invite.tab_people") } as const] : []),
    ];
    const [tab, setTab] = useState<"link" | "email" | "people">(tabs[0]?.id ?? "link");
    const [chosen, setChosen] = useState<readonly User[]>([]);
    const [emails, setEmails] = useState("");
    const [result, setResult] = useState("");
    const { isBusy, error, run } = useDialogWork();
    const [isSending, setSending] = useState(false);
    if (!team) return null;
    const list = emails.split(/[\s,;，；]+/).filter(Boolean);
    const find = (term: string) => (term ? api.userSearch({ term, not_in_team_id: team.id, limit: 50 }) : api.users({ not_in_team: team.id, per_page: 50, active: true }));
    const sendEmails = async () => {
        setSending(true);
        await attempt(inviteByEmail(team.id, list).then((answers) => {
            const failed = answers.filter((answer) => answer.error);
            setResult(failed.length > 0 ? failed.map((answer) => `${answer.email}: ${answer.error?.message ?? ""}`).join("\n") : t("invite.sent", { n: list.length }));
            if (failed.length === 0) setEmails("");
        }));
        setSending(false);
    };
    const foot = tab === "people"
        ? <WorkFoot isBusy={isBusy} error={error} disabled={chosen.length === 0} action={t("invite.add")} onRun={() => run(async () => {
            if (!(await addToTeam(team.id, chosen.map((user) => user.id)))) throw new Error();
        })} />
        : tab === "email" ? <><Button onClick={closeDialog}>{t("action.close")}</Button><Button tone="primary" busy={isSending} disabled={list.length === 0 || !list.every(isEmail)} onClick={() => void sendEmails()}>{t("invite.send")}</Button></>
            : <Button onClick={closeDialog}>{t("action.done")}</Button>;
    return (
        <Dialog title={t("invite.dialog_title", { team: team.display_name })} onClose={closeDialog} foot={foot}>
            {tabs.length > 1 && <Tabs label={t("invite.title")} tabs={tabs} active={tab} onSelect={setTab} />}
            {tab === "link" && (
                <div class="dialog-form">
                    <p class="dialog-text">{t("invite.link_text")}</p>
                    <div class="input-row">
                        <input class="input" readOnly value={inviteLink(team)} aria-label={t("invite.link")} onFocus={(event) => event.currentTarget.select()} />
                        <Button tone="primary" icon={Copy} onClick={() => copyInviteLink(team)}>{t("action.copy")}</Button>
                    </div>
                </div>
            )}
            {tab === "email" && <Field label={t("invite.emails")} value={emails} onInput={setEmails} rows={4} autoFocus hint={result || t("invite.emails_hint")} />}
            {tab === "people" && <PeoplePicker chosen={chosen} onChange={setChosen} find={find} label={t("people.find")} />}
        </Dialog>
    );
}

function TeamSettings() {
    const team = useSelect((state) => (state.teamId ? state.teams[state.teamId] : undefined));
    const [name, setName] = useState(team?.display_name ?? "");
    const [description, setDescription] = useState(team?.description ?? "");
    const [isOpen, setOpen] = useState(team?.allow_open_invite ?? false);
    const [isBusy, setBusy] = useState(false);
    if (!team) return null;
    const save = async () => {
        setBusy(true);
        const worked = await patchTeam(team.id, { display_name: name.trim(), description: description.trim(), allow_open_invite: isOpen });
        setBusy(false);
        if (worked) closeDialog();
    };
    const renew = () => void attempt(api.teamInviteRenew(team.id).then((changed) => dispatch({ kind: "team_updated", team: changed })));
    return (
        <Dialog title={t("team.settings")} onClose={closeDialog} foot={<WorkFoot isBusy={isBusy} disabled={!name.trim()} action={t("action.save")} onRun={() => void save()} />}>
            <Field label={t("team.name")} value={name} onInput={setName} maxLength={64} />
            <Field label={`${t("team.description")} ${t("form.optional")}`} value={description} onInput={setDescription} maxLength={255} rows={2} />
            <Check label={t("team.open")} hint={t("team.open_hint")} checked={isOpen} onChange={setOpen} />
            {team.invite_id && (
                <div class="field">
                    <span class="field-label">{t("invite.link")}</span>
                    <div class="input-row"><input class="input" readOnly value={inviteLink(team)} aria-label={t("invite.link")} /><Button onClick={renew}>{t("invite.renew")}</Button></div>
                    <span class="field-hint">{t("invite.renew_hint")}</span>
                </div>
            )}
        </Dialog>
    );
}

function NewCategory({ channelId }: { readonly channelId: ChannelId | "" }) {
    const [name, setName] = useState("");
    const [isBusy, setBusy] = useState(false);
    const create = async () => {
        if (!name.trim()) return;
        setBusy(true);
        if (await createCategory(name.trim(), channelId)) closeDialog();
        setBusy(false);
    };
    return (
        <Dialog title={t("sidebar.new_category")} size="narrow" onClose={closeDialog} foot={<WorkFoot isBusy={isBusy} disabled={!name.trim()} action={t("action.create")} onRun={() => void create()} />}>
            <form onSubmit={(event) => {
                event.preventDefault();
                void create();
            }}><Field label={t("sidebar.category_name")} value={name} onInput={setName} maxLength={22} autoFocus /></form>
        </Dialog>
    );
}

function DeletePost({ postId }: { readonly postId: PostId }) {
    const [isBusy, setBusy] = useState(false);
    const replies = useSelect((state) => (state.posts[postId]?.root_id === "" ? (state.posts[postId]?.reply_count ?? 0) : 0));
    return (
        <Dialog title={t("post.delete_title")} onClose={closeDialog} foot={<WorkFoot isBusy={isBusy} tone="danger" action={t("post.delete")} onRun={() => {
            setBusy(true);
            void deletePost(postId).then((worked) => (worked ? closeDialog() : setBusy(false)));
        }} />}>
            <p class="dialog-text">{replies > 0 ? t("post.delete_thread", { n: replies }) : t("post.delete_text")}</p>
            <div class="post-quote"><PostView id={postId} place="list" /></div>
        </Dialog>
    );
}
