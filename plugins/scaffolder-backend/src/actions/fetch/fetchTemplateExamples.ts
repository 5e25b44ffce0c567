// Examples of the action fetch:template.
import type { TemplateExample } from '@greenroom/plugin-scaffolder-node';

/** From the simplest to the most specialised. */
export const fetchTemplateExamples: TemplateExample[] = [
  {
    description: 'A skeleton beside the template',
    example: `steps:
  - id: fetch
    name: Make the files
    action: fetch:template
    input:
      url: ./skeleton
      targetPath: ./service
      values:
        name: a-service
        owner: group:default/digital
`,
  },
  {
    description: 'Workflows of GitHub, whose own expressions look like templates, are left as they are',
    example: `steps:
  - id: fetch
    name: Make the files
    action: fetch:template
    input:
      url: ./skeleton
      copyWithoutTemplating:
        - .github/workflows/*
      values:
        name: a-service
`,
  },
  {
    description: 'Only files that end in .njk are templates',
    example: `steps:
  - id: fetch
    name: Make the files
    action: fetch:template
    input:
      url: ./skeleton
      templateFileExtension: .njk
      values:
        name: a-service
`,
  },
  {
    description: 'A skeleton that was made for Cookiecutter',
    example: `steps:
  - id: fetch
    name: Make the files
    action: fetch:template
    input:
      url: https://github.com/acme/cookiecutter-service/tree/main
      cookiecutterCompat: true
      values:
        name: a-service
`,
  },
];
