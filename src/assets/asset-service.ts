/** The face that every tool calls: all that can be done with the assets of a site. */
export interface AssetService {
  /** Ends background jobs, removes what they left unfinished (within 5 seconds) and closes connections. */
  close(): Promise<void>;
}
