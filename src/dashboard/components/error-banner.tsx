/** `text`: what the agent says; line breaks stay. */
export function ErrorBanner({ text }: { readonly text: string }) {
  return (
    <div class="banner bad" role="alert">
      <pre>{text}</pre>
    </div>
  );
}
