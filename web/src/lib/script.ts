/** The language whose letter shapes a text needs: 骨 and 直 are drawn differently in Chinese and Japanese. Undefined: as the page. */
export function languageOf(text: string): "zh-CN" | "ja" | "ko" | undefined {
    if (/[\u3040-\u30ff]/.test(text)) return "ja";
    if (/[\uac00-\ud7af]/.test(text)) return "ko";
    return /\p{Script=Han}/u.test(text) ? "zh-CN" : undefined;
}
