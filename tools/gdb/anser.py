"""Pretty printers for gdb: (gdb) source tools/gdb/anser.py

Str and Buf are shown as text, Map and StrVec with their contents, Err and PermissionSet by name.
"""
import gdb
import gdb.printing

SHOWN_BYTES = 400


def text(pointer, length):
    """Bytes as a quoted text, cut at SHOWN_BYTES; memory that cannot be read is said to be so."""
    length = int(length)
    if length == 0:
        return '""'
    try:
        data = gdb.selected_inferior().read_memory(int(pointer), min(length, SHOWN_BYTES)).tobytes()
    except (gdb.MemoryError, OverflowError):
        return f"<{length} bytes at {int(pointer):#x}: unreadable>"
    shown = data.decode("utf-8", "backslashreplace").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{shown}"' + (f"... ({length} bytes)" if length > SHOWN_BYTES else "")


class StrPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return text(self.value["ptr"], self.value["len"])


class BufPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        v = self.value
        full = ", overflowed" if v["overflowed"] else ""
        return f'Buf({int(v["len"])} of {int(v["limit"])} bytes{full}) ' + text(v["ptr"], v["len"])


class StrVecPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return f'StrVec({int(self.value["len"])})'

    def children(self):
        for i in range(int(self.value["len"])):
            yield str(i), self.value["items"][i]

    def display_hint(self):
        return "array"


class MapPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return f'Map({int(self.value["count"])})'

    def children(self):
        for i in range(int(self.value["cap"])):
            slot = self.value["slots"][i]
            if int(slot["key"]["ptr"]) != 0:
                yield text(slot["key"]["ptr"], slot["key"]["len"]), slot["value"]


def enumerators(name_of_one):
    """Number to name of the enum that has this enumerator."""
    symbol = gdb.lookup_global_symbol(name_of_one) or gdb.lookup_symbol(name_of_one)[0]
    return {field.enumval: field.name for field in symbol.type.fields()} if symbol else {}


class ErrPrinter:
    """Wire errors stand in a second enum (model/errors.h), so that gdb alone shows only their number."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        number = int(self.value)
        names = {**enumerators("ERR_API_CONTEXT_404"), **enumerators("ERR_RETRY")}
        return names.get(number, str(number))


class PermissionSetPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        bits = self.value["bits"]
        names = enumerators("PERM_CREATE_POST")
        words = bits.type.range()[1] + 1
        held = [i for i in range(words * 64) if int(bits[i // 64]) >> i % 64 & 1]
        return f"PermissionSet({len(held)}) " + " ".join(names.get(i, str(i)) for i in held)


def build():
    printers = gdb.printing.RegexpCollectionPrettyPrinter("anser")
    for name, printer in (("Str", StrPrinter), ("Buf", BufPrinter), ("StrVec", StrVecPrinter), ("Map", MapPrinter),
                          ("Err", ErrPrinter), ("PermissionSet", PermissionSetPrinter)):
        printers.add_printer(name, f"^{name}$", printer)
    return printers


gdb.printing.register_pretty_printer(None, build(), replace=True)
