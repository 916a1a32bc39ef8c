import type { ProseWords } from './prose.ts';

export const EN_PROSE: ProseWords = {
  official: {
    title: 'Beside ours: what other sources say',
    lede: 'Figures taken from other sources, not all of which we found: the last column says what was checked. They do not measure the same thing as we do.',
    what: 'What',
    figure: 'Figure',
    source: 'Source and year',
    checked: 'Checked?',
    rows: [
      {
        what: 'Complaints to the Défenseur des droits on foreigners’ rights',
        figure: '6,540 (2019), 21,666 (2022)',
        source: 'Défenseur des droits, annual report 2022',
        checked:
          'In part: the rise of 231% is quoted in the National Assembly; the two counts were not read in the report.',
        address: 'https://nosdeputes.fr/16/intervention/285952',
      },
      {
        what: 'Their share of all complaints received',
        figure: '37% of 103,433 (2024)',
        source: 'Défenseur des droits, annual report 2024',
        checked: 'In part: by the press that quotes the report (March 2025); not read in the report.',
        address: 'https://www.vie-publique.fr/rapport/297906-defenseur-des-droits-rapport-annuel-dactivite-2024',
      },
      {
        what: 'Time to a first residence permit: set by law, then announced',
        figure: '90 days, then 134 days (2022)',
        source: 'Minister of the interior before the Senate, figures of 2022',
        checked:
          'Yes, in the debate of the Senate. The minister speaks of “targets” presented: 114 days in 2020, 134 in 2022.',
        address: 'https://archive.nossenateurs.fr/intervention/2769611',
      },
      {
        what: 'Time to a renewal: set, then announced',
        figure: '30 days, then 77 days (2022)',
        source: 'Minister of the interior before the Senate, figures of 2022',
        checked: 'Yes, in the same debate. “Targets” presented: 63 days in 2020, 77 in 2022.',
        address: 'https://archive.nossenateurs.fr/intervention/2769611',
      },
      {
        what: 'Interim court actions in Paris; share won',
        figure: '2,838 (2021); 90%',
        source: 'Figures of 2021, exact source to be checked (see report no. 626 of the Senate, 2021-2022)',
        checked: 'No: these counts were found in no source. Do not quote them without one.',
        address: null,
      },
    ],
    none: 'No official series of offered slots or of ANEF’s availability is known.',
  },
  unseen: [
    {
      failure: 'site offline, “maintenance”, recurring breakdowns',
      seen: 'yes',
      how: 'home page and sign-in page, text and length of the outage',
    },
    { failure: 'errors and slowness at sign-in', seen: 'partly', how: 'the sign-in page yes, what follows no' },
    { failure: 'blank page', seen: 'yes', how: 'visible content after a wait, failed scripts' },
    {
      failure: 'an account cannot be created',
      seen: 'partly',
      how: 'the form and its button are there; the check after it is sent is invisible',
    },
    {
      failure: 'the mail for a forgotten password never arrives',
      seen: 'partly',
      how: 'the page opens; the mail is not visible',
    },
    {
      failure: 'change of e-mail, address or password is blocked',
      seen: 'no',
      how: 'behind the sign-in; sign: the help pages open',
    },
    { failure: 'a document cannot be attached', seen: 'no', how: 'behind the sign-in' },
    { failure: 'previous permit “not handed over”, so no new application', seen: 'no', how: 'a problem of data' },
    { failure: 'several procedures at once refused', seen: 'no', how: 'a rule behind the sign-in' },
    {
      failure: 'a filed application cannot be completed, corrected or cancelled',
      seen: 'no',
      how: 'behind the sign-in',
    },
    { failure: 'attestation missing, late or not renewed', seen: 'no', how: 'different for every file' },
    {
      failure: 'wrong rejection, “Vous n’êtes pas reconnu bénéficiaire…”',
      seen: 'no',
      how: 'different for every file',
    },
    { failure: 'no history of steps and documents', seen: 'no', how: 'behind the sign-in' },
    {
      failure: 'FranceConnect fails',
      seen: 'partly',
      how: 'button and link are there; FranceConnect’s own state is apart',
    },
    {
      failure: 'the contact centre gives no help, long waits',
      seen: 'partly',
      how: 'the telephone no; the page and the number yes',
    },
    { failure: 'no substitute is offered', seen: 'yes', how: 'as content of the prefectures’ pages' },
    {
      failure: 'not usable on a phone, few languages',
      seen: 'yes',
      how: 'a small window; the language switch is still there',
    },
    { failure: 'accessibility “partiellement conforme”', seen: 'yes', how: 'the statement is there, with its level' },
    { failure: 'the stamp cannot be paid', seen: 'partly', how: 'home page of the stamps' },
    { failure: 'a change of the site breaks links and guides', seen: 'yes', how: 'old links: redirect kept or not' },
  ],
  method: {
    title: 'Method: how it is measured, and its limits',
    lede: 'In short: a slow and polite robot looks at public pages at random times and says only what it saw.',
    sections: [
      {
        title: 'What the robot does',
        paragraphs: [
          'With a real browser it opens the public pages on which appointments are booked, as a person without an account would. It stops at the page that lists slots. It books nothing, chooses nothing, writes nothing.',
        ],
        points: [],
      },
      {
        title: 'When it looks',
        paragraphs: [
          'Time is cut into equal intervals. In each there is one check, at an instant drawn at random. That is why the share of checks with a slot is an unbiased estimate of the share of time, even when slots are released at fixed hours.',
        ],
        points: [],
      },
      {
        title: 'A “yes” and a “no” each need their own sign',
        paragraphs: [
          'A “yes” takes a visible slot that can be chosen. A “no” takes the site’s own sentence that there is none. A page that fits no rule is neither yes nor no: it is “unknown”, and a person must look at it.',
        ],
        points: [],
      },
      {
        title: 'What is counted',
        paragraphs: [
          'The share = checks with a slot ÷ checks that could read the page (with a slot, without one, or booking closed). Checks of one day resemble each other; the 95% interval allows for that.',
        ],
        points: [
          'A share is shown only with at least 30 checks that read the page, 10 days, 2 weeks and 80% coverage. Otherwise: “not enough data”, with what is missing.',
          'Site failures and “could not look” (captcha, sign-in, refusal) are counted apart. They are never a “no”.',
          'When a site wrongly answers “no” (a control known to have slots says “no” too), these answers are taken out.',
        ],
      },
      {
        title: 'Limits',
        paragraphs: [],
        points: [
          'A slot open for one minute is seen by an hourly check one time in sixty: the robot measures access, and catches slots only by luck.',
          '“Open” means that the public door opens, not that the service works behind a sign-in.',
          '“No slot seen” is not “no slot published”.',
          'The figures hold for the pages watched, from one place, not for all procedures of a prefecture.',
        ],
      },
      {
        title: 'Proof and privacy',
        paragraphs: [
          'Every check keeps what it saw: text, page, picture, hash. Cookies and identifiers are removed first; a page that carries personal data is not kept.',
          'These pages set no cookie and ask nothing of a third party.',
        ],
        points: [],
      },
    ],
    conduct: {
      title: 'What the robot never does, whatever its settings',
      paragraphs: [],
      points: [
        'Send a booking or identity form, choose or hold a slot.',
        'Solve or go round a captcha, sign in, use FranceConnect.',
        'Hide: no false identity, no relay, always the same name with a contact.',
        'Hurry: at least 180 s between two checks of a page, 20 s between two visits to one site.',
        'Ignore robots.txt, or insist after a refusal: a pause of 15 min to 24 h, doubled each time.',
        'Keep personal data, or charge for an alert.',
      ],
    },
    stop: {
      title: 'Do you run one of these sites?',
      paragraphs: [
        'Write to us: we answer, and we stop reading a site when asked. Without writing, three ways work too:',
      ],
      points: [
        'Disallow “Guetteur” or the path in robots.txt: read every day, obeyed.',
        'Answer 429 or 403: the robot pauses, and honours Retry-After.',
        'Ask for a captcha: it stops there.',
      ],
      who: 'Who reads',
      contact: 'Contact',
      contactPractice: 'none: practice on this machine',
      userAgent: 'Name given in every request',
      hosts: 'Sites read, and how often',
      host: 'Site',
      pages: 'Pages watched',
      rate: 'Rate at most',
      rateText: 'one check of each page every 180 s at most (usually 30 min), one visit at a time, 20 s between two',
    },
  },
};
