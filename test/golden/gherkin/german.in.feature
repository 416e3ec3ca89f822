# language: de
@laden
Funktionalität: Laden
  Grundlage:
    Angenommen I have a running blueprint

  Regel: wer zahlt
    @schnell
    Szenariogrundriss: <dienst> antwortet
      Dann a HTTP call to "<url>" should result in status 200
      Und the following resources should be running
        | name     | type      |
        | <dienst> | container |
      Wenn I run the script
        """
        curl <url> # <unknown>
        """
      Beispiele:
        | dienst | url                   |
        | web    | http://localhost:9090 |
        | pay    | http://localhost:9091 |
