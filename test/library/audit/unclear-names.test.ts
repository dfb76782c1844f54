import { describe, expect, it } from "vitest";
import { isUnclearName } from "../../../src/library/audit/unclear-names.js";

const TAKEN = ["hero", "chapter"];
const isTaken = (stem: string): boolean => TAKEN.includes(stem);

describe("a name", () => {
  it.each([
    "IMG_1234.jpg",
    "img-0042.HEIC",
    "DSC00012.JPG",
    "PXL_20260102_101112.jpg",
    "Screenshot 2026-01-02 at 10.11.12.png",
    "Screen Shot 2026-01-02 at 10.11.12 AM.png",
    "image-1.png",
    "image.png",
    "Untitled.png",
    "Untitled-2.png",
    "photo.jpg",
    "download (3).jpg",
    "Frame 12.svg",
    "20260102.jpg",
    "a3f5c0d9e8b7a6f5c4d3.png",
    "hero-1.jpg",
    "hero (2).jpg",
    "portrait copy.jpg",
    "portrait-copy-2.jpg",
  ])("a name that says nothing is noticed: %s", (name) => {
    expect(isUnclearName(name, isTaken)).toBe(true);
  });

  it.each([
    "harbour-at-dawn.jpg",
    "photo-of-the-harbour.jpg",
    "image-of-ines-at-work.jpg",
    "framework.svg",
    "picturesque.jpg",
    "team-2.jpg",
    "report-2026.pdf",
    "ISO 9001.pdf",
    "downloads-icon.svg",
    "copyright.txt",
  ])("a name that says something is left alone: %s", (name) => {
    expect(isUnclearName(name, isTaken)).toBe(false);
  });
});
