/** The keys, read from the list of commands. */
import { t } from "../../i18n";
import { COMMANDS, EDITOR_KEYS, keyText } from "../../commands/registry";
import { Dialog } from "../../ui/dialog";

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
    const groups = [
        { title: t("shortcuts.app"), rows: COMMANDS.filter((command) => command.keys).map((command) => ({ label: t(command.label), keys: keyText(command.keys ?? "") })) },
        { title: t("shortcuts.writing"), rows: EDITOR_KEYS.map((each) => ({ label: t(each.label), keys: keyText(each.keys) })) },
    ];
    return (
        <Dialog title={t("shortcuts.title")} size="wide" onClose={onClose}>
            <div class="shortcut-columns">
                {groups.map((group) => (
                    <section key={group.title}>
                        <h3>{group.title}</h3>
                        <dl>{group.rows.map((row) => <div key={row.label}><dt>{row.label}</dt><dd><kbd class="kbd">{row.keys}</kbd></dd></div>)}</dl>
                    </section>
                ))}
            </div>
        </Dialog>
    );
}
