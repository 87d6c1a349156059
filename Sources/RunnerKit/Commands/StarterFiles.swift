/// The files that `fnrun init` writes.
enum StarterFiles {
    /// A file and what is in it; the path is relative to the folder.
    struct File {
        var path: String
        var text: String
    }

    static let jobFile = "job.yaml"
    static let environmentExample = ".env.example"
    static let schema = "job.schema.json"
    static let workflow = ".github/workflows/fnrun.yml"
    static let installation = "app-installation.json"
    static let ignored = ".gitignore"

    /// Lines of `.gitignore`: secrets, results, the ledger.
    static let ignoredLines = [".env", "results/", ".fnrun/"]

    /// In the order in which they are told; ``ignored`` last.
    static var all: [File] {
        [
            File(path: jobFile, text: jobFileText), File(path: schema, text: PrintSchema.text),
            File(path: environmentExample, text: environmentText), File(path: installation, text: installationText),
            File(path: workflow, text: workflowText),
            File(path: ignored, text: ignoredLines.joined(separator: "\n") + "\n"),
        ]
    }

    private static let environmentText = """
        # Copy to .env (it stays out of version control) and fill in. The process's environment beats this file.
        LP_ACCOUNT_ID=12345678
        LP_CLIENT_ID=
        LP_CLIENT_SECRET=

        """

    /// What LivePerson's page on external invocation gives as the template of an app installation, for the client
    /// credentials grant.
    private static let installationText = """
        {
          "client_name": "fnrun",
          "description": "Invokes LivePerson Functions: on a schedule, in bulk, and as tests",
          "grant_types": ["client_credentials"],
          "response_types": ["token"],
          "scope": "faas.lambda.invoke"
        }

        """

    private static let jobFileText = """
        # yaml-language-server: $schema=\(schema)
        # A job file: which functions to invoke, with what, and how. Check it with: fnrun validate job.yaml
        version: 1

        # Filled in from the environment, or from a file .env beside this one.
        account:
          id: ${LP_ACCOUNT_ID}
          clientId: ${LP_CLIENT_ID}
          clientSecret: ${LP_CLIENT_SECRET}

        # Values for templates; override with --set greeting=hi.
        vars:
          greeting: hello

        # Names for functions, by their UUID.
        lambdas:
          greet: 6f91f192-c1df-40e0-94f9-8765fd70fd02

        jobs:
          greet-everyone:
            description: Greet each of a few people
            lambda: greet
            # One invocation per row. A file instead: { file: people.csv, key: "{{ row.name }}" }
            input:
              items:
                - { id: 1, name: Ada }
                - { id: 2, name: Grace }
                - { id: 3, name: Edsger }
              key: "{{ row.name }}"
            # A string that is one expression alone keeps the value's type: id stays a number.
            payload:
              id: "{{ row.id }}"
              text: "{{ vars.greeting }} {{ row.name }}"
              sentAt: "{{ run.startedAt }}"
            concurrency: 4            # requests in flight
            rate: 20/s                # requests started per second
            retry: { maxAttempts: 4 } # platform errors only, with backoff; a function's own error is never repeated
            # When it runs by itself, under 'fnrun schedule' or 'fnrun tick'; 'fnrun plan job.yaml' shows the times:
            # schedule: { cron: "15 2 * * 1-5", timeZone: Europe/Berlin }
            # What 'fnrun smoke' expects of each answer:
            expect:
              - status: 200
              - { path: response.text, equals: "{{ vars.greeting }} {{ row.name }}" }
              - latency: 5s

        """

    private static let workflowText = """
        # Checks the job file on every push, and starts what is due every five minutes, without a daemon.
        #
        # GitHub reads workflows in the root of a repository: if this folder is not the root, move the file there and
        # put the folder's name before job.yaml, .fnrun and results.
        #
        # Set the variable LP_ACCOUNT_ID and the secrets LP_CLIENT_ID and LP_CLIENT_SECRET of the repository.
        name: fnrun
        on:
          push:
          schedule:
            - cron: "*/5 * * * *"
          workflow_dispatch:
        permissions:
          contents: read
        jobs:
          smoke:
            if: github.event_name == 'push'
            runs-on: ubuntu-latest
            timeout-minutes: 15
            container: ghcr.io/your-organisation/fnrun:0.1.0   # built from the Dockerfile of fnrun
            steps:
              - uses: actions/checkout@v4
              - name: Check the job file
                run: fnrun validate job.yaml
              - name: Invoke the functions and check their answers
                run: fnrun smoke job.yaml
                env:
                  LP_ACCOUNT_ID: ${{ vars.LP_ACCOUNT_ID }}
                  LP_CLIENT_ID: ${{ secrets.LP_CLIENT_ID }}
                  LP_CLIENT_SECRET: ${{ secrets.LP_CLIENT_SECRET }}
          tick:
            if: github.event_name != 'push'
            runs-on: ubuntu-latest
            timeout-minutes: 30
            concurrency:
              group: fnrun-tick          # one at a time: the ledger travels by cache
              cancel-in-progress: false
            container: ghcr.io/your-organisation/fnrun:0.1.0   # built from the Dockerfile of fnrun
            steps:
              - uses: actions/checkout@v4
              # The ledger tells what has run. Caches cannot be changed: each run saves a new one, the next takes the latest.
              - name: Fetch the ledger
                uses: actions/cache/restore@v4
                with:
                  path: .fnrun
                  key: fnrun-ledger-${{ github.run_id }}-${{ github.run_attempt }}
                  restore-keys: fnrun-ledger-
              - name: Run what is due
                # 8 says that occurrences were missed, which the ledger explains; it is no failure here.
                run: fnrun tick job.yaml --state .fnrun || [ $? -eq 8 ]
                env:
                  LP_ACCOUNT_ID: ${{ vars.LP_ACCOUNT_ID }}
                  LP_CLIENT_ID: ${{ secrets.LP_CLIENT_ID }}
                  LP_CLIENT_SECRET: ${{ secrets.LP_CLIENT_SECRET }}
              - name: Keep the ledger, however the runs ended
                if: always()
                uses: actions/cache/save@v4
                with:
                  path: .fnrun
                  key: fnrun-ledger-${{ github.run_id }}-${{ github.run_attempt }}
              - name: Keep the results
                if: always()
                uses: actions/upload-artifact@v4
                with:
                  name: results-${{ github.run_id }}-${{ github.run_attempt }}
                  path: results/
                  if-no-files-found: ignore

        """
}
