export declare function vsCodeLink(): string;
export declare function cursorLink(): string;
