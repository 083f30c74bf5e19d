/** The mark: geese flying in a line that reads 人 (person). One colour, from 16 px up. */
export function Mark({ size = 32, class: className = "" }: { readonly size?: number; readonly class?: string }) {
    return (
        <svg class={`mark ${className}`} width={size} height={size} viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
            {BIRDS.map((bird) => <path key={bird} d={bird} />)}
        </svg>
    );
}

/** Four birds on the long stroke, three on the short one. */
const BIRDS = [
    "M17.5 0.7Q15.3 2.5 13.1 6.9Q15.7 5.2 16.8 5.1Q17.8 5.5 19.7 8Q19.1 3.1 17.5 0.7Z",
    "M16 8.9Q13.4 10.2 10.4 14.1Q13.3 12.9 14.3 13.1Q15.3 13.7 16.6 16.5Q17 11.6 16 8.9Z",
    "M12.8 16.6Q9.8 17.4 5.8 20.8Q9 20.2 10.1 20.6Q11 21.4 11.7 24.7Q13.2 19.6 12.8 16.6Z",
    "M8 23.7Q4.7 23.9 -0.2 26.8Q3.4 26.7 4.4 27.4Q5.1 28.4 5.3 32Q7.9 27 8 23.7Z",
    "M17.6 14.2Q16.8 17 17.7 21.8Q18.7 18.9 19.6 18.2Q20.6 17.9 23.6 18.8Q20.2 15.2 17.6 14.2Z",
    "M20.4 20Q20.3 23.1 22.4 27.9Q22.7 24.6 23.5 23.7Q24.5 23.1 27.8 23.3Q23.4 20.4 20.4 20Z",
    "M24 24.6Q24.7 27.8 28.2 32.2Q27.6 28.7 28.2 27.5Q29.1 26.7 32.6 26Q27.2 24.2 24 24.6Z",
] as const;
